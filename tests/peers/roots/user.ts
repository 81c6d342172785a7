import type { APIUser } from "discord-api-types/v10";
export interface User extends APIUser {}
