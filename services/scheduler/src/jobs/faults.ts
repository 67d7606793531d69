import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** Everything that stops a call of this service on purpose. */
export const schedulerFaults = defineFaults("scheduler.tollgate", {
  JOB_RUNNING: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "Such a job is already running.",
  },
  JOB_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such job.",
  },
  JOB_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The job cannot be started in this way.",
  },
  WATCHERS_EXHAUSTED: {
    owner: "platform",
    code: Code.ResourceExhausted,
    sentence: "Too many clients watch the jobs.",
  },
  QUEUE_UNAVAILABLE: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "The job queue cannot be reached just now. Please try again.",
  },
  STOPPING: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "The scheduler is stopping.",
  },
});
