import { fault } from "#domain/faults.ts";
import { presentedPassword } from "#domain/password.ts";
import type { User } from "#domain/user.ts";
import type { Transactions } from "#usecases/transaction.ts";
import type { CredentialVault, PasswordHasher, UserStore } from "./identity-ports.ts";

/** What signing in needs. */
export interface AuthenticatePorts {
  readonly transactions: Transactions;
  readonly users: UserStore;
  readonly passwords: PasswordHasher;
  readonly vault: Pick<CredentialVault, "hashAccessToken">;
}

/** Checks who somebody is. Answers disabled users too: what they may do is the caller's decision. */
export interface Authenticate {
  /** By username or e-mail address. CREDENTIALS_INVALID says not which half was wrong, nor by its timing. */
  readonly byPassword: (name: string, password: string) => Promise<User>;
  /** Throws ACCESS_TOKEN_INVALID. */
  readonly byAccessToken: (token: string) => Promise<User>;
}

const nameCharactersMax = 255;
const tokenPattern = /^[\x21-\x7e]{16,128}$/u;

export function createAuthenticate(ports: AuthenticatePorts): Authenticate {
  const { transactions, users, passwords, vault } = ports;

  async function renewHash(user: User, password: string): Promise<void> {
    const passwordHash = await passwords.hash(password);
    await transactions.run(async (tx) => users.update(user.id, { passwordHash }, tx));
  }

  return {
    byPassword: async (name, password) => {
      const presented = presentedPassword(password);
      const login =
        name.length > nameCharactersMax ? undefined : await users.findLogin(name.normalize("NFC"));
      const stored =
        login === undefined || login.passwordHash === "" ? undefined : login.passwordHash;
      const verdict = await passwords.verify(presented ?? "", stored);
      if (login === undefined || presented === undefined || !verdict.isRight) {
        throw fault("CREDENTIALS_INVALID");
      }
      if (verdict.isOutdated) {
        await renewHash(login.user, presented);
      }
      return login.user;
    },
    byAccessToken: async (token) => {
      const user = tokenPattern.test(token)
        ? await users.findByAccessTokenHash(vault.hashAccessToken(token))
        : undefined;
      if (user === undefined) {
        throw fault("ACCESS_TOKEN_INVALID");
      }
      return user;
    },
  };
}
