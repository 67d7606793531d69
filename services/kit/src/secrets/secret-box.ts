import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** Encrypts short texts at rest. */
export interface SecretBox {
  /** `aad` says where the text belongs ("channel:17:key"); it is not stored and must be given again to open. */
  seal(plain: string, aad: string): string;
  /** Throws an `Error` without details for a wrong key, a wrong `aad`, and anything that was changed. */
  open(sealed: string, aad: string): string;
}

const version = "v1";
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a 32-byte key. The sealed form is `v1.` and base64url of nonce, text and tag. */
export function createSecretBox(key: Uint8Array): SecretBox {
  if (key.length !== 32) {
    throw new RangeError("the key must have 32 bytes");
  }
  return {
    seal(plain, aad) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(aad));
      const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      const bytes = Buffer.concat([nonce, text, cipher.getAuthTag()]);
      return `${version}.${bytes.toString("base64url")}`;
    },
    open(sealed, aad) {
      const [form, encoded] = sealed.split(".");
      const bytes = Buffer.from(encoded ?? "", "base64url");
      if (form !== version || bytes.length < nonceBytes + tagBytes) {
        throw new Error("the secret cannot be opened");
      }
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(aad)).setAuthTag(bytes.subarray(-tagBytes));
      try {
        const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([text, decipher.final()]).toString("utf8");
      } catch (error) {
        // Translates: the library's message differs between versions.
        throw new Error("the secret cannot be opened", { cause: error });
      }
    },
  };
}
