// What is written here stands for whole kinds: names and words are made up.
export interface Base { a: string; b: number }
export interface A { b: { c: string }[]; v: string | number | null }
export interface O { at: Date }
export interface L { ttl?: number }
export interface Tick { b: Blob }
export declare class BoomError extends Error { inner?: BoomError }
export declare function mint(): { clientSecret: string };
export type Rec = { [key: string]: Rec } | string | Rec[];
export type Tree<T> = { value: T; children: Tree<T>[] };
export interface Idx { a: string; [key: string]: string | number }
export type Dict = { [key: string]: number };
export type Nul = string | null;
export interface UsesNul { n: Nul; o?: Nul; p: Nul[] }
export interface Fnp { on?: (e: { kind: string; token: string }) => void; off(cb: (x: number) => Promise<string>): void; many: ((x: string) => void)[] }
export declare class Room<T extends object = {}> { constructor(options: { url: string; password?: string }); static create(x: string): Room; get name(): string; set name(v: string); join(o?: { retries: number } & Base): Promise<Room<T>>; state: T; events: AsyncIterable<{ id: number }>; on<K extends keyof Ev>(e: K, cb: (x: Ev[K]) => void): this; raw: unique symbol }
export interface Ev { a: string; b: { c: number } }
export type Pt = Partial<A>; export type Rq = Required<L>; export type Ro = Readonly<O>; export type Ex = Exclude<'a' | 'b' | 'c', 'a'>; export type Nn = NonNullable<Nul>;
export type Rt = ReturnType<typeof mint>; export type Pm = Parameters<typeof add>; export declare function add(a: number, b?: string, ...rest: boolean[]): number;
export type Keys = keyof Base; export type At = Base['a']; export type Mp = { [K in 'x' | 'y']: number }; export type Opt = { [K in keyof Base]?: Base[K] };
export type Cond<T> = T extends string ? number : boolean; export interface UsesCond { c: Cond<string>; d: Cond<number> }
export type Tpl = `a-${string}`; export type Up = Uppercase<'a' | 'b'>;
export type Uni = { type: 'a'; token: string } | { type: 'b' } | string | string[] | Record<string, number>;
export interface Gen<T, U = string, V = T[]> { t: T; u: U; v: V }
export interface UsesGen { a: Gen<number>; b: Gen<string, number, boolean>; c?: Gen<Tick> }
export type Unused<T> = string; export interface UsesUnused { x: Unused<number> }
export declare const VERSION: "1.0"; export declare const MAX = 5; export declare const CONFIG: { a: string };
export declare namespace Ns { interface Inner { a: string } function go(x: Inner): void; const K: number; namespace Deep { type T = Inner[] } }
export interface Over { f(a: string): string; f(a: number): number; f(a: { x: string }): Promise<{ y: string }> }
export abstract class Abs { protected x: string; abstract y(): void; private z: number }
export interface Callable { (x: string): number; prop: string }
export interface Newable { new (x: string): Abs }
export type Ctor<T> = new (...args: any[]) => T;
export interface HasThis { self(): this; chain(x: number): this }
export type Big = [first: string, second?: number, ...rest: boolean[]];
export interface ErrHolder { error: Error; boom?: BoomError; all: BoomError[] }
export interface Cyc1 { c: Cyc2 } export interface Cyc2 { d?: Cyc1; e: Cyc3 } export interface Cyc3 { f: Cyc1 | null }
export interface ExtCyc extends ExtCyc2 { a: string } export interface ExtCyc2 extends ExtCyc { b: string }
export type AliasCyc = AliasCyc2; export type AliasCyc2 = AliasCyc;
export interface Secrets { apiKey: string; keys: { privateKey: string; nested: { accessToken: string }[] }; passwords: string[]; getToken(): Promise<string>; setPassword(password: string): void; onToken?: (token: string) => void; creds: [token: string, id: number] }
export type T1 = string & { __brand: 'x' }; export type T2 = (string & {}) | 'a' | 'b';
export interface Empty {} export type EmptyObj = {}; export interface Opts { signal?: AbortSignal; url: URL; headers?: HeadersInit; init?: RequestInit; el: HTMLElement; buf: Buffer; t: NodeJS.Timeout; rs: ReadableStream<Uint8Array>; resp: Response }
export default function def(x: string): void;
export interface Deep { a: { b: { c: { d: { e: string; token: string } } } } }
export interface Num { count: number; timeoutMs: number; expires_at: number; ratio: 0 | 1 }
export interface Getters { get size(): number; set size(v: number); readonly ro: string }
export type LongUnion = 'a' | 1 | true | null | { x: 1 } | string[] | (() => void) | Date | Uint8Array | bigint | [1, 2];
export interface Gmeth { m<T, U extends T = T>(a: T, b: U[], c: Record<string, T>): Map<string, U>; n<P>(p: P): P; s<S>(s: S): Set<S>; d<D>(d: D): D }
export interface Prm { p: Promise<string>; q?: Promise<{ a: string }> }
export interface OpenDoor { pass: number; token: number } export interface SealedDoor { token: string; pass: string }
export type Door = OpenDoor & SealedDoor; export type Either = Pick<OpenDoor | SealedDoor, 'token'>; export type Shut = SealedDoor & { token: string };
