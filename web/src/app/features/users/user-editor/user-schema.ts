import { maxLength, pattern, required, schema, validate } from "@angular/forms/signals";
import type { User } from "../user";

export interface UserDraft {
  readonly isNew: boolean;
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly group: string;
  readonly strict: boolean;
}

export const newUserDraft: UserDraft = {
  isNew: true,
  username: "",
  displayName: "",
  password: "",
  group: "default",
  strict: false,
};

export const userSchema = schema<UserDraft>((path) => {
  required(path.username, { message: "error.required" });
  pattern(path.username, /^[A-Za-z0-9_.@-]{1,64}$/, { message: "error.username" });
  maxLength(path.displayName, 64, { message: "error.nameLong" });
  required(path.password, {
    message: "error.required",
    when: ({ valueOf }) => valueOf(path.isNew),
  });
  validate(path.password, ({ value }) => {
    const { length } = value();
    if (length === 0) return undefined;
    if (length < 8) return { kind: "short", message: "error.passwordShort" };
    return length > 128 ? { kind: "long", message: "error.passwordLong" } : undefined;
  });
  required(path.group, { message: "error.required" });
});

export function draftOf(user: User): UserDraft {
  return {
    isNew: false,
    username: user.username,
    displayName: user.display_name,
    password: "",
    group: user.group,
    strict: user.strict ?? false,
  };
}

/** Only what was edited: amounts never travel here, they are adjusted, not overwritten. */
export function toWire(draft: UserDraft): Readonly<Record<string, unknown>> {
  return {
    username: draft.username.trim(),
    display_name: draft.displayName.trim(),
    group: draft.group,
    ...(draft.password === "" ? {} : { password: draft.password }),
    // Nobody is mistrusted from the first moment: the server takes it of users that are there.
    ...(draft.isNew ? {} : { strict: draft.strict }),
  };
}
