export interface BoundedFetchOptions {
  maxBytes: number;
  /** The answer ends with an error then, but whoever reads a stream of events does not take that for the end of its request. */
  onTooLong(): void;
}

/** `fetch` whose answers have at most so many bytes, and which goes nowhere else with our headers than where it was sent. */
export function boundedFetch({
  maxBytes,
  onTooLong,
}: BoundedFetchOptions): (url: string | URL, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: 'error' });
    if (!response.body) return response;
    let seenBytes = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          seenBytes += chunk.byteLength;
          if (seenBytes <= maxBytes) return controller.enqueue(chunk);
          controller.error(new Error('the answer is too long'));
          onTooLong();
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(counted, { status, statusText, headers });
  };
}
