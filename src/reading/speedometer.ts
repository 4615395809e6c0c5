/** Milliseconds that the shown rate looks back: long enough to be calm, short enough to be true. */
const WINDOW = 4000;

/** Bytes per second over the last four seconds. After a longer silence (a pause) it starts anew. */
export class Speedometer {
  #marks: { time: number; bytes: number }[] = [];

  /** Notes that `bytes` have arrived in all by `time` (milliseconds); returns the rate, or null before there is one. */
  note(bytes: number, time: number): number | null {
    const last = this.#marks.at(-1);
    if (last && time - last.time > WINDOW) this.#marks = [];
    this.#marks.push({ time, bytes });
    while (this.#marks.length > 2 && time - this.#marks[1].time >= WINDOW) this.#marks.shift();
    const { time: since, bytes: before } = this.#marks[0];
    if (time - since < 200 || bytes <= before) return null;
    return ((bytes - before) / (time - since)) * 1000;
  }
}
