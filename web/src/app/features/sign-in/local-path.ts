/** A path of this portal to go to after signing in; anything else leads to the console. */
export function localPath(next: string | undefined): string {
  const isLocal = next?.startsWith("/") && !next.startsWith("//") && !next.includes("\\");
  return isLocal && next && !next.startsWith("/login") ? next : "/console";
}
