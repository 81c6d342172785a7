import type { OidcMetadata } from "oidc-client-ts";
export interface Metadata extends OidcMetadata {}
