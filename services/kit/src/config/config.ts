/** How a text becomes a value: any zod schema, also one of another copy of the library. */
export interface FieldSchema<Value = unknown> {
  safeParse(
    text: string | undefined,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: ParseError };
}

interface ParseError {
  readonly issues: readonly { readonly code?: string | undefined; readonly message: string }[];
}

/** One environment variable: its name, how its text becomes a value, and a sentence for operators. */
export interface EnvField<Schema extends FieldSchema = FieldSchema> {
  readonly name: string;
  readonly schema: Schema;
  readonly doc: string;
}

/** The fields of one service's configuration, by the name that the code uses. */
export type ConfigFields = Readonly<Record<string, EnvField>>;

/** The typed, deep-frozen value that {@link readConfig} makes of a schema. */
export type ConfigOf<Fields extends ConfigFields> = {
  readonly [Key in keyof Fields]: ValueOf<Fields[Key]["schema"]>;
};

type ValueOf<Schema extends FieldSchema> = Extract<
  ReturnType<Schema["safeParse"]>,
  { readonly success: true }
>["data"];

/** The configurations of several services, by the name of the service. */
export type ConfigsOf<Schemas extends Readonly<Record<string, ConfigFields>>> = {
  readonly [Name in keyof Schemas]: ConfigOf<Schemas[Name]>;
};

/** The environment as the process got it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every violation of a configuration at once. Sentences name the variable, never its value. */
export class ConfigError extends Error {
  readonly violations: readonly string[];

  constructor(violations: readonly string[]) {
    super(`invalid configuration: ${violations.join("; ")}`);
    this.name = "ConfigError";
    this.violations = violations;
  }
}

/** Declares one environment variable. An unset or empty variable reaches the schema as `undefined`. */
export function env<Schema extends FieldSchema>(
  name: string,
  schema: Schema,
  doc: string,
): EnvField<Schema> {
  return Object.freeze({ name, schema, doc });
}

/** Declares a configuration; two fields may read the same variable. */
export function defineConfig<const Fields extends ConfigFields>(fields: Fields): Fields {
  return Object.freeze(fields);
}

/** Reads one configuration. Throws a {@link ConfigError} with every violation. */
export function readConfig<Fields extends ConfigFields>(
  fields: Fields,
  environment: Environment,
): ConfigOf<Fields> {
  return readConfigs({ only: fields }, environment).only;
}

/** Reads several configurations from one environment; a variable that is wrong for two is named once. */
export function readConfigs<Schemas extends Readonly<Record<string, ConfigFields>>>(
  schemas: Schemas,
  environment: Environment,
): ConfigsOf<Schemas> {
  const violations = new Set<string>();
  const configs: Record<string, unknown> = {};
  for (const [name, fields] of Object.entries(schemas)) {
    configs[name] = readFields(fields, environment, violations);
  }
  if (violations.size > 0) {
    throw new ConfigError([...violations]);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field was parsed by its own schema just above
  return Object.freeze(configs) as ConfigsOf<Schemas>;
}

/** Runs `read`; prints every violation on stderr and exits with 78 (EX_CONFIG) when it throws a {@link ConfigError}. */
export function exitOnConfigError<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    const lines = error.violations.map((violation) => `  - ${violation}\n`).join("");
    process.stderr.write(`The configuration is not valid:\n${lines}`);
    process.exit(78);
  }
}

function readFields(
  fields: ConfigFields,
  environment: Environment,
  violations: Set<string>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const text = environment[field.name];
    const parsed = field.schema.safeParse(text === "" ? undefined : text);
    if (parsed.success) {
      values[key] = freezeDeep(parsed.data);
    } else {
      violations.add(describeViolation(field, parsed.error));
    }
  }
  return Object.freeze(values);
}

function describeViolation(field: EnvField, error: ParseError): string {
  const isMissing = error.issues.some(
    (issue) => issue.code === "invalid_type" && issue.message.endsWith("received undefined"),
  );
  const complaint = isMissing
    ? "must be set"
    : [...new Set(error.issues.map((issue) => issue.message))].join(", ");
  return `${field.name}: ${complaint} (${field.doc})`;
}

function freezeDeep(value: unknown): unknown {
  const isPlain = Array.isArray(value) || isPlainObject(value);
  if (isPlain && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) {
      freezeDeep(part);
    }
    Object.freeze(value);
  }
  return value;
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
