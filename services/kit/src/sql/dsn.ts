/** Where a database server is and how to log in. */
export interface ServerAddress {
  readonly kind: "mysql" | "postgresql";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Only from an explicit `tls=true`, `sslmode=require` or `ssl=true`; "unverified" for `skip-verify`. */
  readonly tls: "off" | "verified" | "unverified";
}

const ports = { mysql: 3306, postgresql: 5432 } as const;

/**
 * Reads a data source name: Go's `user:password@tcp(host:port)/database?params`, or a URL of the schemes mysql, mariadb,
 * postgres and postgresql. Throws an `Error` whose message never contains the password.
 */
export function parseDsn(dsn: string): ServerAddress {
  const text = dsn.trim();
  return /^[a-z]+:\/\//iu.test(text) ? parseUrl(text) : parseGoDsn(text);
}

function parseGoDsn(text: string): ServerAddress {
  // The password may contain anything, also "@" and "/": the last "@tcp(" or "@/" ends it.
  const match =
    /^(?<user>[^:@]*)(?::(?<password>.*))?@(?:tcp\((?<address>[^()]*)\))?\/(?<database>[^/?]+)(?:\?(?<params>.*))?$/u.exec(
      text,
    );
  if (match?.groups === undefined) {
    throw new Error("the DSN is neither user:password@tcp(host:port)/database nor a URL");
  }
  const { user = "", password = "", address, database = "", params = "" } = match.groups;
  const { host, port } = splitAddress(address ?? "127.0.0.1");
  const tls = tlsOf(new URLSearchParams(params));
  return { kind: "mysql", host, port, user, password, database, tls };
}

function parseUrl(text: string): ServerAddress {
  if (!URL.canParse(text)) {
    throw new Error("the DSN is not a valid URL; special characters must be percent-encoded");
  }
  const url = new URL(text);
  const kind = kindOf(url.protocol);
  const database = decodeURIComponent(url.pathname.replace(/^\//u, ""));
  if (database === "" || database.includes("/")) {
    throw new Error("the DSN names no database");
  }
  return {
    kind,
    host: url.hostname === "" ? "127.0.0.1" : url.hostname.replaceAll(/[[\]]/gu, ""),
    port: url.port === "" ? ports[kind] : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    tls: tlsOf(url.searchParams),
  };
}

function kindOf(protocol: string): ServerAddress["kind"] {
  switch (protocol) {
    case "mysql:":
    case "mariadb:":
      return "mysql";
    case "postgres:":
    case "postgresql:":
      return "postgresql";
    default:
      throw new Error(`the DSN's scheme ${protocol}// is not known`);
  }
}

function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const match = /^(?<host>\[[^\]]+\]|[^:]*)(?::(?<port>\d{1,5}))?$/u.exec(address);
  const host = match?.groups?.["host"];
  if (host === undefined) {
    throw new Error("the address in the DSN is not host:port");
  }
  return {
    host: host === "" ? "127.0.0.1" : host.replaceAll(/[[\]]/gu, ""),
    port: Number(match?.groups?.["port"] ?? ports.mysql),
  };
}

function tlsOf(params: URLSearchParams): ServerAddress["tls"] {
  const wanted = (
    params.get("tls") ??
    params.get("sslmode") ??
    params.get("ssl") ??
    "false"
  ).toLowerCase();
  switch (wanted) {
    case "true":
    case "verify-ca":
    case "verify-full":
      return "verified";
    case "skip-verify":
    case "require":
      return "unverified";
    default:
      return "off";
  }
}
