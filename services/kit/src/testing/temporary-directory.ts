import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one test; `using` removes it. */
export interface TemporaryDirectory extends Disposable {
  readonly path: string;
  /** Removes the folder and what is in it. */
  remove(): void;
}

/** Makes an empty folder. */
export function createTemporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), "tollgate-"));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}
