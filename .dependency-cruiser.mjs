import { Visitor } from "@swc/core/Visitor.js";

// The tool's visitor stops at `using` declarations, which it does not know. To it they are like `const`.
// oxlint-disable-next-line typescript/unbound-method -- called with its visitor just below
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function visitEveryStatement(statement) {
  if (statement.type !== "UsingDeclaration") {
    return visitStatement.call(this, statement);
  }
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

const services = "(?:relay|quota|registry|scheduler|admin)";
const testFiles = "\\.test\\.ts$|^services/[^/]+/test/";
const isError = (name, comment, ...[from, to]) => ({ name, comment, severity: "error", from, to });

/** The architecture, as rules. `node deploy/checks/architecture.ts` runs them and fails when it saw no module. */
export default {
  forbidden: [
    isError("no-cycles", "Modules that need each other are one module.", {}, { circular: true }),
    isError(
      "services-are-islands",
      "Services talk through proto only.",
      { path: `^services/(${services})/` },
      { path: `^services/${services}/`, pathNot: "^services/$1/" },
    ),
    isError(
      "standalone-composes",
      "Standalone sees a service's configuration and its composition, nothing else.",
      { path: "^services/standalone/" },
      {
        path: `^services/${services}/`,
        pathNot: `^services/${services}/src/(?:config|service)\\.ts$`,
      },
    ),
    isError(
      "kit-knows-no-business",
      "Kit serves every service and knows none.",
      { path: "^services/kit/" },
      { path: "^services/(?!kit/)|^proto/gen/tollgate/" },
    ),
    isError(
      "domain-is-pure",
      "A domain sees itself and kit's money, ids and faults.",
      { path: "^services/[^/]+/src/domain/", pathNot: testFiles },
      {
        path: "^services/|^proto/",
        pathNot: "^services/[^/]+/src/domain/|^services/kit/src/(?:money|ids|fault)/",
      },
    ),
    isError(
      "domain-uses-no-driver",
      "A domain does no input or output.",
      { path: "^services/[^/]+/src/domain/", pathNot: testFiles },
      {
        path: "node_modules/(?:@mikro-orm|ioredis|bullmq|undici|fastify|@connectrpc/connect-node|@grpc)",
      },
    ),
    isError(
      "usecases-know-ports-only",
      "A use case sees the domain and its own ports.",
      { path: "^services/[^/]+/src/usecases/", pathNot: testFiles },
      {
        path: "^services/[^/]+/src/(?:store|rpc|http|api)/|node_modules/(?:@mikro-orm|ioredis|bullmq|undici|fastify)",
      },
    ),
    isError(
      "edges-do-not-meet",
      "What stores does not answer.",
      { path: "^services/[^/]+/src/store/", pathNot: testFiles },
      { path: "^services/[^/]+/src/(?:rpc|http|api)/" },
    ),
    isError(
      "answers-do-not-store",
      "What answers does not store; it calls use cases.",
      { path: "^services/[^/]+/src/(?:rpc|http)/", pathNot: testFiles },
      { path: "^services/[^/]+/src/store/" },
    ),
    isError(
      "providers-are-strangers",
      "Providers share only the compatible family.",
      { path: "^services/relay/src/providers/((?!channel-types/)[^/]+)/" },
      {
        path: "^services/relay/src/providers/[^/]+/",
        pathNot: "^services/relay/src/providers/(?:$1|openai-compatible|openai)/",
      },
    ),
    isError(
      "providers-send-nothing",
      "A provider describes; the pipeline sends.",
      { path: "^services/relay/src/providers/", pathNot: testFiles },
      {
        path: "^services/relay/src/(?:surfaces|pipeline|upstream|http)/|node_modules/undici|^services/kit/src/logging/",
      },
    ),
    isError(
      "surfaces-are-strangers",
      "A surface knows neither the others nor providers nor the pipeline.",
      { path: "^services/relay/src/surfaces/([^/]+)/", pathNot: testFiles },
      {
        path: "^services/relay/src/(?:surfaces/[^/]+|providers|pipeline|upstream)/",
        pathNot: "^services/relay/src/surfaces/(?:$1|openai-chat)/",
      },
    ),
    isError(
      "proto-at-the-edge",
      "Wire types stop where a service meets the wire.",
      {
        path: "^services/(?:quota|registry|scheduler|admin)/src/",
        pathNot: `/src/(?:rpc|api|live|auth|testing)/|/src/service\\.ts$|${testFiles}`,
      },
      { path: "^proto/gen/tollgate/" },
    ),
    isError(
      "relay-proto-at-the-edge",
      "In the relay, wire types stop in rpc and ledgering.",
      {
        path: "^services/relay/src/",
        pathNot: `/src/(?:rpc|ledgering|testing)/|/src/service\\.ts$|${testFiles}`,
      },
      { path: "^proto/gen/tollgate/" },
    ),
    isError(
      "mikro-orm-at-home",
      "The ORM lives in store/sql.",
      {
        path: "^services/",
        pathNot: `/src/store/sql/|^services/kit/src/(?:sql|testing)/|${testFiles}`,
      },
      { path: "node_modules/@mikro-orm" },
    ),
    isError(
      "redis-at-home",
      "Redis lives in store/redis, queue and kit.",
      {
        path: "^services/",
        pathNot: `/src/(?:store|queue)/|^services/kit/src/redis/|${testFiles}`,
      },
      { path: "node_modules/ioredis" },
    ),
    isError(
      "bullmq-at-home",
      "BullMQ lives in the scheduler's queue.",
      { path: "^services/", pathNot: "^services/scheduler/src/queue/" },
      { path: "node_modules/bullmq" },
    ),
    isError(
      "undici-at-home",
      "Only the relay's upstream folder calls out.",
      { path: "^services/", pathNot: `^services/relay/src/upstream/|${testFiles}` },
      { path: "node_modules/undici" },
    ),
    isError(
      "fastify-at-home",
      "Only the admin service's API is built on Fastify.",
      { path: "^services/", pathNot: "^services/admin/" },
      { path: "node_modules/fastify" },
    ),
    isError(
      "tests-stay-out",
      "What runs in production imports no test.",
      { path: "^services/", pathNot: `${testFiles}|/src/testing/|/fixtures/` },
      { path: "\\.test\\.ts$|/(?:test|testing|fixtures)/|^tests/", pathNot: "node_modules" },
    ),
    isError(
      "nothing-unresolved",
      "An import that nothing answers.",
      { path: "^(?:services|deploy|tests)/" },
      { couldNotResolve: true },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules|^proto/gen" },
    exclude: { path: "/migrations/|tests/\\.artifacts" },
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".json"],
    },
  },
};
