// A value that is made when it is first asked for, and then kept: what costs a program its start, and few runs need.
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
