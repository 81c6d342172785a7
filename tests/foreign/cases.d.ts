// What is written here stands for whole kinds: names and words are made up.
export interface O { at: Date; raw: Uint8Array; m: Map<string, number> }
export declare function mint(): { clientSecret: string };
export interface B { tokenMap: Record<string, string>; tokenString: string; cookie: string; secret: string | Uint8Array; clientAssertion: string }
export interface R { /** The room's name, as the JWT says. */ roomName: string }
import { Tune as RawTune } from 'far';
export interface Tune { id: string; raw?: RawTune[] }
import * as far from 'far';
export interface Knob { a: string }
export interface Panel { left: far.Knob; right: Knob }
export interface Base { a: string; b: number }
export interface Der extends Pick<Base, 'a'>, Omit<Base, 'a'> { c: string }
import { FarBase, FarPromise, Far, FarOpts } from 'far';
export interface Rack extends FarBase { slots?: string }
export interface Sender { send<T>(o: string): FarPromise<T> }
export declare class BoomError extends Error { inner?: BoomError }
export interface Chain<T extends Far = Far> extends FarOpts { items: T[] }
export interface Tick { b: Blob }
export interface Src { next(): Promise<Tick> }
export interface Msg { reply_to?: Msg | null; text: string }
export declare enum Lvl { Low = 1, High = 2 }
export interface N { v: 1 | 2; t: true; l: Lvl; m: Lvl.Low; s: "" | "a" | "A"; neg: -1 | 1.5 | 'x' }
export interface A { b: { c: string }[]; p: [number, string]; u: { type: "a"; x: string } | { type: "b"; y: number }; v: string | number | null }
export interface L { /** Lifetime. @default 3600 */ ttl?: number }

// What a member spells out is one type, whoever has the member.
export interface Lantern {
  wick: 'long' | 'short';
  oil: { kind: string; litres?: number };
  shine(mode: 'wide' | number): 'lit' | 'out';
}
export type StreetLantern = Lantern & { post: string };
export interface LightOil { grade: 'pure' | 'raw' }
export interface FineOil extends LightOil { price: number }
export interface LanternOf<T> { fuel: 'oil' | 'gas'; holder: T | string }
export type HeldLantern = LanternOf<number> & { hook: boolean };
export type BriefLantern = Partial<Pick<Lantern, 'wick' | 'oil'>>;

// The private members of a key, whose names are letters.
export interface KeyParameters { kty?: string; kid?: string }
export interface PrivateKey extends KeyParameters { d: string; n: string; p?: string; priv?: string; oth?: { r: string; d: string; t: string }[] }
export interface KeyRing { key: { kty: 'oct'; k: string }; d: string }
export type OpenKey = { kty: string; x: string; d?: string } & { kid: string };

// URLs are texts with a form, and sets hold what can be compared.
export type Pages = Set<string>;
export type PierName = string;
export type Mooring = Set<string> | URL;
export interface Harbour {
  home: URL;
  mirrors?: URL[];
  chart: string | URL;
  signedUrlToken: URL;
  berths: Set<string>;
  flags: ReadonlySet<'red' | 'green'>;
  tolls: Set<number>;
  passwords: Set<string>;
  piers: Set<{ length: number }>;
  pages?: Pages;
  names: Set<PierName>;
  either: Mooring;
}
export interface Pilot { guide(to: URL, around?: Set<string>): Promise<Set<'fast' | 'slow'>> }

// A `$` at the end of a name is a stream's sign only where there may be one.
export interface Currency { $: string; rate$: number; symbol: string }

// A word of Rust that has no raw name, and what is called by it.
export type Self = string;
export interface Bearer { password: Self }

// Names of alternatives, of errors in namespaces, and what users do not reach.
export interface Hemp { strands: number }
export interface Wire { gauge: number }
export interface Cotton { yarns: string[] }
export type AnyRope = (Hemp & { of: 'plant' }) | (Cotton & { of: 'plant' }) | (Wire & { of: 'metal' });
export declare namespace weather { class FogError extends Error { constructor() } }
export interface Tide { /** Hours until it turns. @default 3 */ turns: number }
export declare class Keeper { protected readonly logbook: string; protected read(): string; light(lamp: string): boolean }
