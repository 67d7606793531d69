import { existsSync } from "node:fs";
import { inRoot } from "../workspace.mjs";

/** The TypeScript of the proto files. */
export const generateContracts = {
  name: "contracts",
  title: "generating the contracts",
  inputs: ["proto", "buf.yaml", "buf.gen.yaml", "package-lock.json"],
  command: ["buf", "generate"],
  hasOutput: () => existsSync(inRoot("proto", "gen", "grpc", "health", "v1", "health_pb.ts")),
  advice: "the message above names the line of the proto file to mend.",
};
