/**
 * JSON as the format's official reader takes it. `JSON.parse` hides what has to be seen here: keys given twice, `1.0`
 * where an integer belongs, integers beyond 2^53, lone surrogates.
 */
export type StrictJson = null | boolean | string | JsonNumber | JsonArray | JsonObject;

/** A number as it is written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonArray = readonly StrictJson[];

/** An object's members in their order, repeated keys included. */
export class JsonObject {
  readonly members: readonly (readonly [string, StrictJson])[];

  constructor(members: readonly (readonly [string, StrictJson])[]) {
    this.members = members;
  }
}

/** Where and why a text is not JSON; `message` is a clause such as "a comma is missing at character 17". */
export class JsonError extends Error {
  constructor(what: string, at: number) {
    super(`${what} at character ${at}`);
    this.name = "JsonError";
  }
}

/** serde_json, which the official reader uses, takes 127 levels of arrays and objects. */
const MAX_DEPTH = 127;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids these inside a string
const PLAIN_RUN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const LITERALS: readonly (readonly [string, null | boolean])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Parses one JSON document (RFC 8259) with white space around it. Throws `JsonError`. */
export function parseStrictJson(text: string): StrictJson {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("something follows the end");
  }

  value(depth: number): StrictJson {
    this.space();
    const { text, at } = this;
    switch (text[at]) {
      case '"':
        return this.string();
      case "{":
        return this.object(depth + 1);
      case "[":
        return this.array(depth + 1);
    }
    for (const [word, value] of LITERALS) {
      if (text.startsWith(word, at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private object(depth: number): JsonObject {
    const members: [string, StrictJson][] = [];
    this.open(depth);
    if (this.taken("}")) return new JsonObject(members);
    do {
      this.space();
      if (this.text[this.at] !== '"') this.fail("a key in quotes is missing");
      const key = this.string();
      if (!this.taken(":")) this.fail("a colon is missing");
      members.push([key, this.value(depth)]);
    } while (this.taken(","));
    if (!this.taken("}")) this.fail("a comma or a closing brace is missing");
    return new JsonObject(members);
  }

  private array(depth: number): JsonArray {
    const items: StrictJson[] = [];
    this.open(depth);
    if (this.taken("]")) return items;
    do items.push(this.value(depth));
    while (this.taken(","));
    if (!this.taken("]")) this.fail("a comma or a closing bracket is missing");
    return items;
  }

  private open(depth: number): void {
    if (depth > MAX_DEPTH) this.fail("the nesting is too deep");
    this.at++;
  }

  private number(): JsonNumber {
    const text = this.run(NUMBER);
    if (text === "") this.fail(this.at < this.text.length ? "a value is missing" : "the text ends too early");
    if (!Number.isFinite(Number(text))) this.fail("a number is out of range");
    return new JsonNumber(text);
  }

  private string(): string {
    this.at++;
    let value = this.run(PLAIN_RUN);
    while (this.text[this.at] === "\\") {
      this.at++;
      value += this.escape() + this.run(PLAIN_RUN);
    }
    if (this.text[this.at] !== '"') {
      this.fail(this.at < this.text.length ? "a control character is inside a string" : "a string does not end");
    }
    this.at++;
    return value;
  }

  private escape(): string {
    const letter = this.text[this.at++] ?? "";
    if (letter !== "u") return ESCAPES[letter] ?? this.fail("an unknown escape is inside a string");
    const unit = this.codeUnit();
    const lone = "half of a surrogate pair is inside a string";
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    if (unit > 0xdbff || !this.text.startsWith("\\u", this.at)) this.fail(lone);
    this.at += 2;
    const low = this.codeUnit();
    if (low < 0xdc00 || low > 0xdfff) this.fail(lone);
    return String.fromCharCode(unit, low);
  }

  private codeUnit(): number {
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("an escape without four hexadecimal digits is inside a string");
    this.at += 4;
    return Number.parseInt(digits, 16);
  }

  /** Takes `mark` if it comes next, after white space. */
  private taken(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private space(): void {
    this.run(SPACE);
  }

  private run(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.text)?.[0] ?? "";
    this.at += text.length;
    return text;
  }

  private fail(what: string): never {
    throw new JsonError(what, this.at);
  }
}
