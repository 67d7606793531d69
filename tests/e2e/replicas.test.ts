import { play } from "./harness/play.ts";
import { startReplicas } from "./harness/replicas.ts";
import { revocationSuite } from "./suites/revocation-suite.ts";

play("two replicas of quota", startReplicas, [revocationSuite]);
