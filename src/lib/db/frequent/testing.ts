interface Asked {
  end(): void;
  fail(): void;
}

/** Reads that end when the test says so. Each returns how things stood when it began. */
export function testReads() {
  const begun: Asked[] = [];
  const state = { value: 'first' };
  const read = () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { value } = state;
    begun.push({ end: () => resolve(value), fail: () => reject(new Error('away')) });
    return promise;
  };
  return { begun, state, read };
}
