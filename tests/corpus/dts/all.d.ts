import { Part as P } from "./b";
import * as r from "rxjs";
/** Options; at least one of `end` or {@link Options.start} must be given. */
export interface Options<T extends string = "a" | "b"> extends Base<T>, P {
  /**
   * The end, in seconds since the epoch.
   * @deprecated use start
   * @defaultValue `3`
   */
  readonly end?: number | undefined;
  start: r.Observable<Array<T[]>>;
  [key: string]: unknown;
  new (a: string): Options;
  (a?: number, ...b: T[]): void;
  get level(): number;
  set level(value: number);
  run?<U>(this: Options, a: U, b?: [x: U, y?: string, ...z: U[]]): Promise<void>;
}
interface Base<T> { id: T }
export declare class Refused extends Failed implements Base<"x"> {
  static make(): Refused;
  private secret;
  #hidden: string;
  protected constructor(reason?: string, options?: ErrorOptions);
  /** @internal */
  on(a: 'x'): this;
  on(a: 'y', b: number): asserts b is 3;
}
declare class Failed extends Error {}
export declare const setLevel: (level: number) => void;
export declare function wait(ms: number): Promise<void>;
export declare enum Mode { Slow = "slow", Fast = 2 }
export type Pick2<T> = { [K in keyof T]?: T[K] } & (T extends infer U ? U : never);
export type Text = `a${string}` | (string & {}) | typeof version | import("./b").Part;
declare const version: "1.0";
export declare namespace N { type T = string }
export default Options;
export { version as v, type Base as Root };
export * from "./b";
export * as all from "./c";
//# b
import { All } from "./c";
/** A part. @param a - how long, in ms */
export interface Part { all: All; uncertain: Hidden }
interface Hidden { part: Part }
//# c
export type All = { a: 1; b?: { c: -1 | 2n | null } };
export * from "./a";
