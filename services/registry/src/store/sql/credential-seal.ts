import { createHmac } from "node:crypto";
import { createSecretBox } from "@tollgate/kit/secrets/secret-box";
import { deriveKey } from "@tollgate/kit/secrets/secret-key";

/**
 * Seals what must not be read in the database. Each sealed text is bound to its table, column and row: a text that was copied
 * to another row does not open.
 */
export interface CredentialSeal {
  readonly sealCredential: (channelId: number, credential: string) => string;
  readonly openCredential: (channelId: number, sealed: string) => string;
  readonly sealConfig: (channelId: number, config: string) => string;
  readonly openConfig: (channelId: number, sealed: string) => string;
  /** The same for the same credential, useless without the key; "" for no credential. */
  readonly fingerprint: (credential: string) => string;
}

const emptyConfig = "{}";

/** Makes the seal of this service from the installation's key. */
export function createCredentialSeal(masterKey: Uint8Array): CredentialSeal {
  const box = createSecretBox(deriveKey(masterKey, "registry credentials"));
  const fingerprintKey = deriveKey(masterKey, "registry credential fingerprints");
  const boundTo = (column: string, id: number): string => `registry_channels:${column}:${id}`;
  return {
    sealCredential: (id, credential) =>
      credential === "" ? "" : box.seal(credential, boundTo("credential", id)),
    openCredential: (id, sealed) =>
      sealed === "" ? "" : box.open(sealed, boundTo("credential", id)),
    // Most channels have no settings; nothing of them is worth a cipher.
    sealConfig: (id, config) =>
      config === emptyConfig ? "" : box.seal(config, boundTo("config", id)),
    openConfig: (id, sealed) =>
      sealed === "" ? emptyConfig : box.open(sealed, boundTo("config", id)),
    fingerprint: (credential) =>
      credential === ""
        ? ""
        : createHmac("sha256", fingerprintKey).update(credential).digest("hex"),
  };
}
