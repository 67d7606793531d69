import type { Logger } from "@tollgate/kit/logging/logger";
import { checkChosenSecret } from "#domain/api-key.ts";
import { checkPassword } from "#domain/password.ts";
import { checkAccessToken } from "#domain/user.ts";
import { isQuotaFault } from "#domain/faults.ts";
import { canSignIn, writeRootUser } from "./create-root-user.ts";
import type { RootUserPorts } from "./create-root-user.ts";

/** The secrets that the environment may give a root user at the first start; undefined or "" = not given. */
export interface InitialRoot {
  readonly password: string | undefined;
  /** Customer key, with or without "sk-". */
  readonly token: string | undefined;
  readonly accessToken: string | undefined;
}

/** What {@link applyInitialRoot} needs. */
export interface InitialRootPorts extends RootUserPorts {
  readonly logger: Pick<Logger, "info" | "warn">;
}

/**
 * Makes the root user from the environment when nobody can sign in as root yet. Later starts change nothing, so that an
 * environment that still holds the first password never undoes a change of it. Throws the faults of the single fields.
 */
export async function applyInitialRoot(
  ports: InitialRootPorts,
  initial: InitialRoot,
): Promise<void> {
  const password = presentText(initial.password);
  const token = presentText(initial.token);
  const accessToken = presentText(initial.accessToken);
  if (password === undefined && token === undefined && accessToken === undefined) {
    return;
  }
  const checked = {
    username: undefined,
    password: password === undefined ? undefined : checkPassword(password),
    accessToken: accessToken === undefined ? undefined : checkAccessToken(accessToken),
    keySecret: token === undefined ? undefined : checkChosenSecret(token),
  };
  if (canSignIn(await ports.users.findRoot())) {
    ports.logger.info("root user exists, INITIAL_ROOT_* not applied");
    return;
  }
  const { password: plain, ...draft } = checked;
  const passwordHash = plain === undefined ? undefined : await ports.passwords.hash(plain);
  try {
    await writeRootUser(ports, { ...draft, passwordHash });
    ports.logger.info("root user made from INITIAL_ROOT_*");
  } catch (error) {
    // Compensates for a race: another replica that starts at the same moment may have made it first.
    if (!isQuotaFault("ROOT_EXISTS", error) && (await ports.users.findRoot()) === undefined) {
      throw error;
    }
    ports.logger.warn({ err: error }, "root user was made by another process");
  }
}

function presentText(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
