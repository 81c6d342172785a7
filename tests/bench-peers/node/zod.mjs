// `node zod.mjs FOLDER`: the median time of parsing and checking each document, in nanoseconds.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const epoch = (least) => z.int().min(least);
const claims = z.object({
  cnf: z.object({ jkt: z.string().regex(/^[A-Za-z0-9_-]{43}$/).optional() }).nullish(),
  expires_at: epoch(0).max(1e11).optional(),
  scope: z.array(z.string()).optional(),
});
const name = z.string().nullish();
const types = {
  credential: z
    .object({
      authorizationState: z.string().optional(),
      expiry_at: epoch(1e11).optional(),
      token: z.string().optional(),
    })
    .refine((value) => value.authorizationState || value.token),
  subscriber_info: z.object({
    id: z.string(),
    email: z.string(),
    first_name: name,
    last_name: name,
    display_name: name,
    job_title: name,
    time_zone: z.number().nullish(),
    country: name,
    region: name,
    company_name: name,
    push_notification_key: z.string(),
    app_settings: z.object({ display_name: z.string(), scopes: z.array(z.string()) }).optional(),
    fabric_addresses: z.array(
      z.object({
        id: z.string(),
        resource_id: z.string(),
        display_name: z.string(),
        name: z.string(),
        type: z.enum(["app", "call", "room", "subscriber"]),
        cover_url: name,
        preview_url: name,
        locked: z.boolean().optional(),
        created_at: z.string().optional(),
        channels: z.object({
          audio: z.string().optional(),
          messaging: z.string().optional(),
          video: z.string().optional(),
        }),
      }),
    ),
    sat_claims: claims.optional(),
  }),
  connect_result: z.object({
    identity: z.string(),
    authorization: z.object({
      jti: name,
      project_id: z.string(),
      fabric_subscriber: z
        .object({
          version: z.int().min(0).optional(),
          expires_at: z.number().optional(),
          subscriber_id: z.string().optional(),
          application_id: name,
          project_id: z.string().optional(),
          space_id: z.string().optional(),
        })
        .nullish(),
      scope: z.array(z.string()).nullish(),
      cnf: claims.shape.cnf,
    }),
    protocol: z.string(),
    ice_servers: z.array(z.unknown()).nullish(),
  }),
  warning: z.discriminatedUnion("code", [
    z.object({
      code: z.literal("credential_refresh_fallback"),
      message: z.string(),
      reason: z.string(),
      source: z.literal("CredentialProvider"),
    }),
    z.object({
      code: z.literal("credential_no_refresh_handler"),
      expiresAt: epoch(1e11),
      message: z.string(),
      source: z.literal("CredentialProvider"),
    }),
  ]),
};

const rounds = 21;
const repetitions = 5000;
const times = {};
for (const [document, type] of Object.entries(types)) {
  const text = readFileSync(join(process.argv[2], `${document}.json`), "utf8");
  const samples = [];
  for (let round = -4; round < rounds; round += 1) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < repetitions; i += 1) type.parse(JSON.parse(text));
    const spent = Number(process.hrtime.bigint() - start) / repetitions;
    if (round >= 0) samples.push(spent);
  }
  samples.sort((a, b) => a - b);
  times[document] = samples[rounds >> 1];
}
console.log(JSON.stringify({ times, node: process.version }));
