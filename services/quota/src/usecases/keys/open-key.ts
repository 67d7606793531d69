import type { Clock } from "@tollgate/kit/clock/clock";
import { decideKey, readCredential } from "#domain/api-key.ts";
import type { KeyDecision } from "#domain/api-key.ts";
import type { CredentialVault, KeyStore } from "#usecases/identity/identity-ports.ts";

/** What {@link createOpenKey} needs. */
export interface OpenKeyPorts {
  readonly keys: Pick<KeyStore, "findBySecretHashes">;
  readonly vault: Pick<CredentialVault, "hashKeySecret">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Says what a presented credential may do. */
export type OpenKey = (credential: string) => Promise<KeyDecision>;

/** One query for a credential that could be a key, none for one that could not. */
export function createOpenKey({ keys, vault, clock }: OpenKeyPorts): OpenKey {
  return async (credential) => {
    const candidates = readCredential(credential).map(({ secret, channelSuffix }) => ({
      channelSuffix,
      hash: vault.hashKeySecret(secret),
    }));
    if (candidates.length === 0) {
      return { kind: "denied", reason: "unknown" };
    }
    const found = await keys.findBySecretHashes(candidates.map(({ hash }) => hash));
    for (const { hash, channelSuffix } of candidates) {
      const match = found.find(({ secretHash }) => secretHash === hash);
      if (match !== undefined) {
        const nowSeconds = Math.floor(clock.nowMs() / 1000);
        return decideKey({ key: match.key, owner: match.owner, channelSuffix }, nowSeconds);
      }
    }
    return { kind: "denied", reason: "unknown" };
  };
}
