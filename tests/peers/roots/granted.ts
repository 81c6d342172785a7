import type { Credentials } from "google-auth-library";
export interface Granted extends Credentials {}
