export interface A0 extends A1 { a0: string }
export interface A1 extends A2 { a1: string }
export interface A2 extends A3 { a2: string }
export interface A3 extends A4 { a3: string }
export interface A4 extends A5 { a4: string }
export interface A5 extends A6 { a5: string }
export interface A6 extends A7 { a6: string }
export interface A7 extends A8 { a7: string }
export interface A8 extends A9 { a8: string }
export interface A9 extends A10 { a9: string }
export interface A10 extends A11 { a10: string }
export interface A11 extends A12 { a11: string }
export interface A12 extends A3 {}
