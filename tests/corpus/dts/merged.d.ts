export interface A { a: string }
export interface A extends B<A> { b(): void }
export interface B<T = A> { t: T }
export type C<T = C> = A | B<C<T>>;
declare global { interface Window { a: A } }
declare module "x" { export const y: 1 }
export as namespace X;
export = A;
