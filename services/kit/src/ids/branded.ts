declare const brand: unique symbol;

/** A value that only its one constructor can make, so that two kinds of the same primitive cannot be mixed up. */
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };
