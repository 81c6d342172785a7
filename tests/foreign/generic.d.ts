/** Type parameters that come to nothing once they are Rust, and those that meet others. */
export interface Frame { width: number; height: number }

/** Used by a callback alone, which is any JSON value in data. */
export interface Formats<Raw, Plain = string> { raw: (value: Raw) => string; plain: Plain; lamp: { draw?: (from: Raw) => void; as: Plain } }
export interface FormatsHolder<T> { formats: Formats<T, number>; more: FormatsHolder<T> | null }
export type Several<T> = { one: (value: T) => void } | { two: (value: T) => string };
export type OfSeveral<T> = Several<T>;

/** What a method takes, in place. */
export interface Studio<Raw, Plain> {
  draw(options: { before?: <K>(raw: Raw, k: K) => Promise<K>; as: Plain }): Promise<void>;
  open(done: (how: { raw: (value: Raw) => void; plain: Plain }) => void): void;
}
export type Draw<Raw, Plain> = (named: { before: (raw: Raw) => void; plain: Plain }) => void;

/** Types that use their parameters for each other alone. */
export interface Left<T> { right: Right<T> | null }
export interface Right<T> { left: Left<T> | null; id: string }

/** A class and the interface that it is one with; an interface of a class that implements it. */
export interface Clock { now(): number }
export interface FakeClock extends Clock { start(at: number): void }
export declare class FakeClock implements FakeClock { set(at: number): void }
export interface Watched extends Watcher { seen(): boolean }
export declare class Watcher implements Watched { seen(): boolean; watch(): void }

/** Defaults of a method's parameters, and parameters of a base that are called like its own. */
export type Kept<T> = T extends unknown[] ? T : T & Frame;
export declare class Asked<T> {
  then<R1 = Kept<T>, R2 = never>(done?: ((value: Kept<T>) => R1 | PromiseLike<R1>) | null, failed?: ((reason: unknown) => R2) | null): Promise<R1 | R2>;
  turn<U>(turn: (value: T, other: U) => U): Asked<U>;
}
export declare class Pages<P, I = number> extends Asked<P> { items(): I[] }
export declare class Turned<U> extends Asked<U> { own<R1>(of: R1): U }
export interface Base<T> { both<T>(a: T): T; one(a: T): void }
export interface Derived<K> extends Base<K[]> { more: K }

/** A generic type with a secret. */
export interface Session<User> { token: string; user: User; list: User[] }
export type Grant<User> = { kind: 'password'; password: string; user: User } | { kind: 'code'; code: number };
export interface Sessions<User> { open: Session<User>; of: Session<number>; grant: Grant<User> }

/** Names that are one in Rust. */
export interface Nothings { '{}'?: never; '/'?: never; '_'?: undefined; kind: 'a'; 'kind_': 'b' }
export interface Takes { call({ a }: { a: string }, { b }: { b: string }): Promise<void>; (self: string, Self: { self: number }): void }
export declare function taking({ a }: { a: string }, { b }: { b: string }): void;

/** Only the platform is left of it. */
export interface Idle { lamp?: { go(done: () => void): void } }
export interface IdleHolder<T> { foreign: Map<string, Idle> | T; idle: Idle }

/** Secrets in tuples, members of errors, and an enum with a name of the language, as wire data. */
export interface Cookies { cookie?: readonly [string, string[]]; password: [string] }
export declare class Broken<V> extends Error { ''?: 'a' | 'b'; '\n'?: number; with_?: string }
export declare enum self { fourth }
export interface Selves { self: self; list: self[] }

/** Plain objects of the platform, with a secret among their members. */
export interface Dial { ice: RTCConfiguration; init?: Omit<RequestInit, 'body' | 'signal'>; constraints: MediaStreamConstraints; key: JsonWebKey; state: RTCIceTransportPolicy }

/** What values are, and lists that parameters stand for. */
export declare class Timer { interval: ReturnType<typeof setInterval>; made: InstanceType<typeof Plain>; codes: typeof Code }
export declare class Plain { at: number; go(): void }
export declare enum Code { Ok = 200, Gone = 410 }
export type Data<T> = { [P in keyof T as T[P] extends Function ? never : P]: T[P] };
export interface Kept2 { plain: Data<Plain> }
export declare function all<A extends readonly unknown[]>(...of: { [K in keyof A]: Promise<A[K]> | A[K] }): Promise<A>;
export interface Grants { first: Session<Plain>; second: Session<Plain>; third: { inner: Session<Plain> } }

/** What is given to a generic type, in place, holds a secret in what it holds. */
export interface Member { user: { token: string } }
export interface Payload<Event, Body> { t: Event; d: Body }
export type Chunk = Payload<'CHUNK', { nonce: string; members: Member[] }>;
export type Payloads = Chunk | Payload<'READY', { v: number }>;

/** A bound that speaks of itself, through other types and unions of their members. */
export interface Scene<C extends Ctx & { scene: Scene<C>; wizard: Wizard<C> }> { ctx: C; scene: Scene<C>; steps: Step<C>[] }
export interface Wizard<C extends Ctx & { scene: Scene<C>; wizard: Wizard<C> }> { step: Step<C>; next(c: C & { scene: Scene<C> }): Step<C & { w: Wizard<C> }> }
export interface Ctx { update: Partial<Record<'a' | 'b' | 'c', string>> }
export type Step<C> = { run: (ctx: C & { match: string }) => Step<C> } | ((ctx: C) => void);
export declare class Stage<C extends Ctx & { scene: Scene<C>; wizard: Wizard<C> }> { all: { [K in keyof C]: C[K] }; pick: Omit<C['scene'], 'ctx'>; next: C['wizard'] & { of: Stage<C> } }

/** A union over what holds a secret, and what a platform's type is generic over. */
export interface AdapterSession { sessionToken: string; expires: Date }
export type Awaitable<T> = T | PromiseLike<T>;
export interface Adapter { createSession?(session: AdapterSession): Awaitable<AdapterSession>; get(id: string): Awaitable<AdapterSession | null> }
export type Endpoint<P, C> = FarHandler<P, C, AdapterSession>;
export interface Provider { token?: string | Endpoint<{ at: Date }, Adapter>; info: Endpoint<Frame, Frame> | number }
export interface Signs { '名'?: never; ' '?: 'a' | 'b'; '/'?: never; _?: string }

/** Items that are called like the letters of a platform and of an SDK. */
export type P = { stream: MediaStream } | string;
export declare class S { track: MediaStreamTrack; other: S; p: P }

/** Functions in objects in place, of members, parameters and results. */
export interface Plugs {
  name: string;
  env?: { make: new (...args: any[]) => object; ask?: (url: string) => Promise<Response>; level: number };
  hooks: {
    /** Before a call. */
    before?: (at: Date) => void;
    deep: { after: (() => string) | null };
  }[];
  bind(event: string, callback: Function): Function;
  open(options: { retry: (count: number) => boolean; apiToken: string }): { close(): void; id: string };
}

// What stands inside a type of others must be clonable, also where the whole is awaited.
import { FarCrate } from "far";
export declare function unpack(): Promise<Iterable<FarCrate<new (key: string) => string>>>;
