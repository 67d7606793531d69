import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { jobToWire } from "#api/job/wire.ts";
import { logToWire } from "#api/log/wire.ts";
import { type Caller, callerOf } from "#auth/caller.ts";
import { roles } from "#auth/roles.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { limits } from "#limits.ts";
import { createEventStream, type EventStream } from "#live/event-stream.ts";
import { createStreamCounter } from "#live/stream-counter.ts";

/** `log`: own rows; `log_all`: everybody's; `job`: background work. The last two are for admins. */
const topics = ["log", "log_all", "job"] as const;

type Topic = (typeof topics)[number];

const streamQuery = Type.Object({
  topics: Type.Optional(
    Type.String({
      maxLength: limits.textLengthMax,
      description: "Separated by commas: log, and for admins log_all and job.",
    }),
  ),
});

/** Live views as server-sent events. */
export function registerStreamRoutes(api: Api, context: AdminContext): void {
  const counter = createStreamCounter({
    perUserMax: limits.streamsPerUserMax,
    totalMax: limits.streamsMax,
  });
  const open = new Set<EventStream>();
  api.addHook("preClose", async () => {
    for (const stream of open) {
      stream.end();
    }
  });
  api.get(
    "/stream",
    {
      config: { access: "user" },
      schema: {
        tags: ["stream"],
        summary: "Live log rows and jobs as server-sent events",
        querystring: streamQuery,
        produces: ["text/event-stream"],
      },
    },
    (request, reply) => {
      const caller = callerOf(request);
      const wanted = readTopics(request.query.topics, caller.user.role);
      const release = counter.take(caller.user.id);
      const stream = createEventStream(limits.streamQueueMax);
      open.add(stream);
      const stop = feedStream(context, { stream, caller, topics: wanted });
      stream.body.once("close", () => {
        stop();
        release();
        open.delete(stream);
      });
      stream.beat();
      return reply
        .header("content-type", "text/event-stream; charset=utf-8")
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no")
        .send(stream.body);
    },
  );
}

function readTopics(text: string | undefined, role: number): ReadonlySet<Topic> {
  const names = (text ?? "log").split(",").map((name) => name.trim());
  const wanted = new Set<Topic>();
  for (const name of names) {
    const topic = topics.find((known) => known === name);
    if (topic === undefined) {
      throw adminFaults.fault("PARAMETER_INVALID", {
        sentence: `There is no topic "${name}". There are: ${topics.join(", ")}.`,
      });
    }
    if (topic !== "log" && role < roles.admin) {
      throw adminFaults.fault("ROLE_INSUFFICIENT");
    }
    wanted.add(topic);
  }
  return wanted;
}

interface StreamJob {
  readonly stream: EventStream;
  readonly caller: Caller;
  readonly topics: ReadonlySet<Topic>;
}

/** Sends what the caller may see until it is stopped, or until they may not see it any more. */
function feedStream(
  { feeds, clock, authenticator }: AdminContext,
  { stream, caller, topics: wanted }: StreamJob,
): () => void {
  const { user } = caller;
  const seesAll = wanted.has("log_all");
  const viewer = user.role >= roles.admin ? "operator" : "owner";
  const endings: (() => void)[] = [];
  if (seesAll || wanted.has("log")) {
    endings.push(
      feeds.log.subscribe((entry) => {
        if (seesAll || entry.userId === user.id) {
          stream.send("log", logToWire(entry, viewer));
        }
      }),
    );
  }
  if (wanted.has("job")) {
    endings.push(feeds.job.subscribe((job) => stream.send("job", jobToWire(job))));
  }
  const beat = async (): Promise<void> => {
    const fresh = await authenticator.refresh(caller);
    if (fresh === undefined || fresh.user.role < user.role) {
      stream.end();
    } else {
      stream.beat();
    }
  };
  const timer = clock.setInterval(() => {
    // A service that is away is no reason to end the stream; the next beat asks again.
    beat().catch(() => stream.beat());
  }, limits.streamHeartbeatMs);
  endings.push(() => timer.cancel());
  return () => {
    for (const end of endings) {
      end();
    }
  };
}
