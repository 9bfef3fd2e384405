type Complex = { re: Float64Array; im: Float64Array };

/** One pass of the Stockham transform: butterflies of `radix` over blocks of `length`, `stride` of them interleaved. */
interface Pass {
  radix: 4 | 5;
  stride: number;
  /** length / radix. */
  groups: number;
  /** exp(−2πi·p·k / length), for group p and output k, at [p · radix + k]. */
  twiddles: Complex;
}

const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_36 = Math.sin(Math.PI / 5);
const ROOT_5_BY_4 = Math.sqrt(5) / 4;

/**
 * Complex forward FFT in float64 for sizes of the form 4^a · 5^b. It exists because Smart Turn is an int8 model: the rounding
 * of a float32 FFT (PFFFT, features off by 1e-5) moved its probability by up to 0.42 against the reference, and the float64
 * libraries only take powers of two. 400 points take about 5 µs; destructured arrays in these loops would double that.
 */
export class MixedRadixFft {
  readonly size: number;
  readonly #passes: Pass[];
  #spare: Complex;

  constructor(size: number) {
    this.size = size;
    this.#spare = { re: new Float64Array(size), im: new Float64Array(size) };
    this.#passes = [];
    let stride = 1;
    for (let length = size; length > 1;) {
      const radix = length % 4 === 0 ? 4 : 5;
      if (length % radix !== 0) throw new RangeError(`an FFT of ${size} points needs factors other than 4 and 5`);
      this.#passes.push({ radix, stride, groups: length / radix, twiddles: twiddlesFor(length, radix) });
      stride *= radix;
      length /= radix;
    }
  }

  /** Transforms `data` (both arrays `size` long) and returns the arrays that hold the result: `data` or a spare pair that the next call overwrites. */
  forward(data: Complex): Complex {
    let from = data;
    let to = this.#spare;
    for (const pass of this.#passes) {
      if (pass.radix === 4) radix4(pass, from, to);
      else radix5(pass, from, to);
      [from, to] = [to, from];
    }
    return from;
  }
}

function twiddlesFor(length: number, radix: number): Complex {
  const groups = length / radix;
  const angle = (i: number) => (-2 * Math.PI * ((Math.floor(i / radix) * (i % radix)) % length)) / length;
  return {
    re: Float64Array.from({ length: groups * radix }, (_, i) => Math.cos(angle(i))),
    im: Float64Array.from({ length: groups * radix }, (_, i) => Math.sin(angle(i))),
  };
}

function radix4({ stride, groups, twiddles }: Pass, from: Complex, to: Complex): void {
  const step = stride * groups;
  const { re, im } = from;
  for (let p = 0; p < groups; p++) {
    const t = 4 * p;
    const w1r = twiddles.re[t + 1]!;
    const w1i = twiddles.im[t + 1]!;
    const w2r = twiddles.re[t + 2]!;
    const w2i = twiddles.im[t + 2]!;
    const w3r = twiddles.re[t + 3]!;
    const w3i = twiddles.im[t + 3]!;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const sumR = re[a]! + re[c]!;
      const sumI = im[a]! + im[c]!;
      const difR = re[a]! - re[c]!;
      const difI = im[a]! - im[c]!;
      const oddSumR = re[b]! + re[d]!;
      const oddSumI = im[b]! + im[d]!;
      // −i times the difference of the odd ones
      const turnR = im[b]! - im[d]!;
      const turnI = re[d]! - re[b]!;
      const y = q + stride * 4 * p;
      to.re[y] = sumR + oddSumR;
      to.im[y] = sumI + oddSumI;
      store(to, y + stride, difR + turnR, difI + turnI, w1r, w1i);
      store(to, y + 2 * stride, sumR - oddSumR, sumI - oddSumI, w2r, w2i);
      store(to, y + 3 * stride, difR - turnR, difI - turnI, w3r, w3i);
    }
  }
}

function radix5({ stride, groups, twiddles }: Pass, from: Complex, to: Complex): void {
  const step = stride * groups;
  const { re, im } = from;
  for (let p = 0; p < groups; p++) {
    const t = 5 * p;
    for (let q = 0; q < stride; q++) {
      const a = q + stride * p;
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const e = d + step;
      const outerSumR = re[b]! + re[e]!;
      const outerSumI = im[b]! + im[e]!;
      const innerSumR = re[c]! + re[d]!;
      const innerSumI = im[c]! + im[d]!;
      const outerDifR = re[b]! - re[e]!;
      const outerDifI = im[b]! - im[e]!;
      const innerDifR = re[c]! - re[d]!;
      const innerDifI = im[c]! - im[d]!;
      const midR = re[a]! - (outerSumR + innerSumR) / 4;
      const midI = im[a]! - (outerSumI + innerSumI) / 4;
      const spreadR = ROOT_5_BY_4 * (outerSumR - innerSumR);
      const spreadI = ROOT_5_BY_4 * (outerSumI - innerSumI);
      // −i times the weighted differences
      const turn1R = SIN_72 * outerDifI + SIN_36 * innerDifI;
      const turn1I = -SIN_72 * outerDifR - SIN_36 * innerDifR;
      const turn2R = SIN_36 * outerDifI - SIN_72 * innerDifI;
      const turn2I = -SIN_36 * outerDifR + SIN_72 * innerDifR;
      const y = q + stride * 5 * p;
      to.re[y] = re[a]! + outerSumR + innerSumR;
      to.im[y] = im[a]! + outerSumI + innerSumI;
      const { re: wr, im: wi } = twiddles;
      store(to, y + stride, midR + spreadR + turn1R, midI + spreadI + turn1I, wr[t + 1]!, wi[t + 1]!);
      store(to, y + 2 * stride, midR - spreadR + turn2R, midI - spreadI + turn2I, wr[t + 2]!, wi[t + 2]!);
      store(to, y + 3 * stride, midR - spreadR - turn2R, midI - spreadI - turn2I, wr[t + 3]!, wi[t + 3]!);
      store(to, y + 4 * stride, midR + spreadR - turn1R, midI + spreadI - turn1I, wr[t + 4]!, wi[t + 4]!);
    }
  }
}

/** to[index] = (re + i·im) · (wr + i·wi) */
function store(to: Complex, index: number, re: number, im: number, wr: number, wi: number): void {
  to.re[index] = re * wr - im * wi;
  to.im[index] = re * wi + im * wr;
}
