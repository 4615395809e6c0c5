/** Lends out a fixed number of things, made when first needed; whoever finds none waits, and is served in order. */
export class Ring<Thing> {
  readonly #free: Thing[] = [];
  readonly #waiting: ((thing: Thing) => void)[] = [];
  readonly #made: Thing[] = [];
  readonly #make: () => Thing;
  readonly #size: number;

  constructor(size: number, make: () => Thing) {
    this.#size = size;
    this.#make = make;
  }

  /** Every thing that was made, lent out or not. */
  get made(): readonly Thing[] {
    return this.#made;
  }

  /** What `use` resolves to; the thing is its own until then, and comes back even where `use` fails. */
  async lend<Result>(use: (thing: Thing) => Promise<Result>): Promise<Result> {
    const thing = await this.#take();
    try {
      return await use(thing);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thing);
      else this.#free.push(thing);
    }
  }

  #take(): Thing | Promise<Thing> {
    const free = this.#free.shift();
    if (free !== undefined) return free;
    if (this.#made.length >= this.#size) return new Promise((resolve) => this.#waiting.push(resolve));
    const thing = this.#make();
    this.#made.push(thing);
    return thing;
  }
}
