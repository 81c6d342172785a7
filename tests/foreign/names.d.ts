// What is written here stands for whole kinds: names and words are made up.
export interface Result { ok: boolean }
export interface Option { label: string }
export interface Vec { x: number }
export interface String { y: Option; z?: Vec[] }
export interface Box { r?: Result; s: String | null; o?: Box }
export interface Into { t: string; u?: Into[] }
export interface Self { v: bigint }
export interface Ok { w: Date }
export interface Some { a: unknown; b: any; c: object }
export interface None { d: symbol }
export interface Send { e: string }
export interface Sync { f: string }
export interface Clone { g: string }
export interface Debug { h: string }
export interface Default { i?: string }
export interface Platform { j: Blob }
export interface Observable2 { k: string }
export interface RawJson { l: string }
export interface Sdk { m: string }
export interface SdkTypes { n: string }
export interface From { o: string; token: string }
export interface Iterator { p: string }
export interface Future { q(): Promise<string> }
export interface Drop { r: string }
export interface Fn { s(x: () => void): void }
export interface ToString { t: string }
export interface S { setup_use?: string; setupUse?: string; SETUP_USE?: string }
export interface Kw { type: string; self: string; super: string; crate: string; Self: string; fn: string; gen: string; async: string; await: string; dyn: string; '1st': string; 'a-b': string; 'ünï': string; '_': string; '$': string; 'with space': string; '': string }
export interface Lower { a: string } export interface lower { b: string }
