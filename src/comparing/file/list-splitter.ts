const INSIDE = /["\\]/g;
const OUTSIDE = /["[\]{},]/g;
/** Deep inside an element commas part nothing. */
const DEEP = /["[\]{}]/g;

/**
 * Takes the elements of some of the lists out of the text of one JSON object, as the text comes in: what is left is small.
 * It only looks at brackets, commas and strings; whoever parses the elements and the rest finds out whether they are JSON.
 */
export class ListSplitter {
  readonly #lists: readonly string[];
  readonly #onElement: (list: string, text: string) => void;
  #rest: string[] = [];
  /** What is not given out yet; `#at` is how far it was looked at. */
  #text = "";
  #at = 0;
  #depth = 0;
  #inString = false;
  /** The next string is a member's name of the outermost object. */
  #expectsName = false;
  /** Where that name begins while it is read, −1 elsewhere. */
  #nameAt = -1;
  #name = "";
  /** The list being taken apart, where its current element begins, and how many came before it. */
  #list: string | null = null;
  #elementAt = 0;
  #elements = 0;

  /** `lists`: names of members of the outermost object. `onElement` is told of each element's text, in order. */
  constructor(lists: readonly string[], onElement: (list: string, text: string) => void) {
    this.#lists = lists;
    this.#onElement = onElement;
  }

  push(text: string): void {
    this.#text += text;
    for (;;) {
      const pattern = this.#inString ? INSIDE : this.#depth > 2 ? DEEP : OUTSIDE;
      pattern.lastIndex = this.#at;
      const match = pattern.exec(this.#text);
      if (!match) break;
      this.#at = match.index + 1;
      if (this.#inString) this.#insideString(match[0]);
      else this.#outside(match[0]);
    }
    // What follows a backslash at the very end is still to be skipped.
    this.#at = Math.max(this.#at, this.#text.length);
    this.#giveOut();
  }

  /** The object's text with those lists emptied. */
  end(): string {
    const left = this.#text;
    this.#text = "";
    return this.#rest.join("") + left;
  }

  #insideString(found: string): void {
    if (found === "\\") {
      this.#at++;
      return;
    }
    this.#inString = false;
    if (this.#nameAt < 0) return;
    this.#name = JSON.parse(this.#text.slice(this.#nameAt, this.#at)) as string;
    this.#nameAt = -1;
  }

  #outside(found: string): void {
    if (found === '"') {
      this.#inString = true;
      if (this.#expectsName) this.#nameAt = this.#at - 1;
      this.#expectsName = false;
    } else if (found === ",") {
      if (this.#depth === 1) this.#expectsName = true;
      if (this.#depth === 2 && this.#list !== null) this.#endElement(this.#at - 1);
    } else if (found === "{" || found === "[") {
      this.#depth++;
      if (this.#depth === 1) this.#expectsName = found === "{";
      if (this.#depth === 2 && found === "[" && this.#lists.includes(this.#name)) this.#beginList();
    } else {
      this.#depth--;
      if (this.#depth === 1 && this.#list !== null) this.#endList();
    }
  }

  #beginList(): void {
    this.#rest.push(this.#text.slice(0, this.#at));
    this.#list = this.#name;
    this.#elementAt = this.#at;
    this.#elements = 0;
  }

  #endElement(end: number): void {
    this.#onElement(this.#list ?? "", this.#text.slice(this.#elementAt, end));
    this.#elementAt = this.#at;
    this.#elements++;
  }

  #endList(): void {
    const end = this.#at - 1;
    // An empty list has no element; nothing behind a comma is one that is not JSON.
    if (this.#elements > 0 || this.#text.slice(this.#elementAt, end).trim() !== "") this.#endElement(end);
    this.#list = null;
    this.#name = "";
    this.#cut(end);
  }

  #giveOut(): void {
    if (this.#list !== null) this.#cut(this.#elementAt);
    else if (this.#nameAt < 0) {
      this.#rest.push(this.#text);
      this.#cut(this.#text.length);
    }
  }

  /** Forgets the beginning of the text. */
  #cut(upTo: number): void {
    this.#text = this.#text.slice(upTo);
    this.#at -= upTo;
    this.#elementAt = Math.max(0, this.#elementAt - upTo);
  }
}
