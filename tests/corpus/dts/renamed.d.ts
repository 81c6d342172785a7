import { t as Request$1, n } from "./b.mjs";
import type D from "./b";
export { type Request$1 as Request, n as "odd name", D as default };
//# b
interface Request<T = unknown> { id: string; params?: T | undefined }
declare abstract class n { abstract a: string; declare readonly b: unique symbol; accessor c: D }
type D = keyof n;
export { Request as t, n, D as default };
