/** A lamp with parts of each kind. */
export interface Lamp {
  id: string;
  bulb?: Bulb;
  tags: string[];
  spot: [number, number];
  mode: Mode;
  dims: { width: number; height?: number } | null;
}
export interface Bulb { watts: number; tint: string | null; }
export type Mode = 'day' | 'night';
export declare enum Port { Left = 1, Right = 2 }

/** Through every level, in lists too. */
export type Loose<T> = { [K in keyof T]?: Loose<T[K]> };
export type Nullable<T> = { [K in keyof T]: T[K] | null };
export type Kept<T> = { [K in keyof T]: T[K] extends Exclude<T[K], undefined> ? Kept<T[K]> : Kept<T[K]> | undefined };
export interface LampPatch { patch: Loose<Lamp>; nulls: Nullable<Pick<Lamp, 'id' | 'mode'>>; kept: Kept<Partial<Bulb>> }

/** What is inferred. */
export type Item<T> = T extends (infer U)[] ? U : T extends Promise<infer V> ? V : T;
export type Second<T> = T extends [unknown, infer B, ...unknown[]] ? B : never;
export type Answer<F> = F extends (...args: never[]) => infer R ? R : never;
export type FirstTaken<F> = F extends (first: infer A, ...rest: never[]) => unknown ? A : never;
export interface Inferred {
  tag: Item<Lamp['tags']>;
  promised: Item<Promise<Bulb>>;
  itself: Item<Mode>;
  second: Second<Lamp['spot']>;
  answer: Answer<() => Lamp>;
  taken: FirstTaken<(lamp: Bulb, on: boolean) => void>;
}

/** Each part of a union for itself. */
export type Only<T, U> = T extends U ? T : never;
export type Shape = { kind: 'disc'; radius: number } | { kind: 'box'; side: number } | { kind: 'dot' };
export interface Sorted {
  sized: Only<Shape, { kind: 'disc' | 'box' }>;
  late: Exclude<Mode | 'dusk', 'day'>;
  disc: Extract<Shape, { kind: 'disc' }>;
}

/** Names that are made of names. */
export type Camel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
export type CamelKeys<T> = { [K in keyof T as Camel<K & string>]: T[K] };
export type Setters<T> = { [K in keyof T as `set${Capitalize<string & K>}`]: T[K] };
export interface Snake { first_name: string; last_seen_at: number; plain: boolean }
export interface Renamed { camel: CamelKeys<Snake>; set: Setters<Pick<Bulb, 'watts'>> }

/** What a parameter is at most. */
export interface Meta { left: string; right: number }
export interface Wired<K extends keyof Meta> { meta: Meta[K] }
export interface Board { value<K extends keyof Lamp>(key: K): Lamp[K]; choose<P extends Port>(port: P): P extends Port.Left ? string : number }

/** Without an end. */
export type Endless<T> = Partial<{ value: T; next: Endless<T[]> }>;
export interface Ends { one: Endless<string>; other: Twice<string> }
export type Twice<T> = T extends 1 ? never : [Twice<[T]>, Twice<[T, T]>];

/** Parameters that are called like items, and a default that leads back. */
export interface Kind { word: string }
export type Wrapped<Name extends string, Kind> = undefined extends null ? `no ${Name}` : Kind;
export type Hook<Kind = unknown> = (kind: { left: Kind; right: string }) => void;
export type AnyRef = NamedRef | ListRef | BothRef<NamedRef | ListRef>;
export interface NamedRef { name: string }
export interface ListRef<T extends AnyRef = AnyRef> { readonly kind: 'LIST'; readonly ofType: T }
export interface BothRef<T extends AnyRef = AnyRef> { readonly kind: 'BOTH'; readonly ofType: T }

/** What a base is given is what is inferred of it. */
export declare class Message<T extends Message<T>> { merge(other: Plain<T>): void }
export type Plain<T> = { [P in keyof T as T[P] extends Function ? never : P]: PlainField<T[P]> };
export type PlainField<F> = F extends string | number ? F : F extends Message<infer U> ? Plain<U> : F extends { case: infer C; value: infer V } ? { case: C; value: Plain<V> } : F;
export declare class Grant extends Message<Grant> { room: string; level: number; toText(): string }
export interface Handover { grant: PlainField<Grant>; chosen: PlainField<{ case: 'mode'; value: Level }>; text: PlainField<{ case: 'text'; value: string }> }
export declare enum Level { Low = 0, High = 1 }

/** The value `this` in a class, and what is any constructor. */
export declare class Chain { protected constructor(); next(): Promise<typeof this>; }
export interface Makers { any: NewableFunction; isMaker: Makes<new () => Grant>; isCalled: Makes<() => Grant> }
export type Maker = NewableFunction;
export type Makes<F> = F extends NewableFunction ? 'made' : 'called';

/** Names without a letter. */
export interface Reactions { '+1': number; '-1': number; '*': string; _: string; '4': boolean; url: string }
