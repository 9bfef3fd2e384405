// The package has no types of its own; these are the parts of its Emscripten module that we call.
declare module '@echogarden/pffft-wasm/simd' {
  export interface PffftModule {
    readonly HEAPF32: Float32Array;
    /** `transformKind`: 0 real, 1 complex. Aborts the module when the length is not supported. Returns a pointer. */
    _pffft_new_setup(length: number, transformKind: number): number;
    _pffft_destroy_setup(setup: number): void;
    _pffft_aligned_malloc(sizeBytes: number): number;
    _pffft_aligned_free(pointer: number): void;
    /** `direction`: 0 forward, 1 backward (not scaled). All pointers are 16-byte aligned. */
    _pffft_transform_ordered(setup: number, input: number, output: number, work: number, direction: number): void;
  }
  const load: () => Promise<PffftModule>;
  export default load;
}
