import { maxLength, minLength, pattern, required, schema } from "@angular/forms/signals";

export interface Registration {
  readonly username: string;
  readonly password: string;
  readonly email: string;
  readonly code: string;
  /** True when the server wants a verified address. */
  readonly needsEmail: boolean;
}

export const newRegistration: Registration = {
  username: "",
  password: "",
  email: "",
  code: "",
  needsEmail: false,
};

export const registrationSchema = schema<Registration>((path) => {
  required(path.username, { message: "error.required" });
  pattern(path.username, /^[A-Za-z0-9_.-]{3,64}$/, { message: "error.username" });
  required(path.password, { message: "error.required" });
  minLength(path.password, 8, { message: "error.passwordShort" });
  maxLength(path.password, 128, { message: "error.passwordLong" });
  required(path.email, {
    message: "error.required",
    when: ({ valueOf }) => valueOf(path.needsEmail),
  });
  required(path.code, {
    message: "error.required",
    when: ({ valueOf }) => valueOf(path.needsEmail),
  });
});
