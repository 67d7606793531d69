import { fault } from "#domain/faults.ts";
import { checkActivity } from "#domain/log-entry.ts";
import type { NewActivity } from "#domain/log-entry.ts";
import type { ActivityFeed, ActivityStore } from "#usecases/identity/identity-ports.ts";

/** Writes a log row that is no consumption. Throws ACTIVITY_INVALID. */
export type AppendActivity = (activity: NewActivity) => Promise<void>;

/** Removes activity rows older than a moment, seconds since 1970; answers how many. Throws ACTIVITY_INVALID. */
export type DeleteActivity = (beforeSeconds: number) => Promise<number>;

const rowsAtOnce = 1000;

export function createAppendActivity(
  activities: Pick<ActivityStore, "append">,
  feed: Pick<ActivityFeed, "publish">,
): AppendActivity {
  return async (activity) => {
    feed.publish(await activities.append(checkActivity(activity)));
  };
}

/** Works in small steps, so that a large log is never locked for long. */
export function createDeleteActivity(
  activities: Pick<ActivityStore, "removeBefore">,
): DeleteActivity {
  return async (beforeSeconds) => {
    if (!Number.isSafeInteger(beforeSeconds) || beforeSeconds <= 0) {
      throw fault("ACTIVITY_INVALID", { sentence: "A moment in seconds since 1970 is needed." });
    }
    let deleted = 0;
    for (;;) {
      const removed = await activities.removeBefore(beforeSeconds * 1000, rowsAtOnce);
      deleted += removed;
      if (removed < rowsAtOnce) {
        return deleted;
      }
    }
  };
}
