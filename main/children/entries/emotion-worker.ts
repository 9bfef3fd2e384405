import { resampleWhole } from '../../audio/streaming-resampler.ts';
import { OnnxEmotion } from '../../engines/cues/onnx-emotion.ts';
import type { EmotionConfig } from '../emotion-thread.ts';
import { serveEngine } from '../serve-engine.ts';

// A thread of the listen child: ONNX Runtime computes on the thread that asks, and a user's model may need seconds.
serveEngine<EmotionConfig>('listen', async ({ folder }) => {
  const model = await OnnxEmotion.open({ folder });
  const rates = { inputRateHz: 16_000, outputRateHz: model.sampleRateHz };
  return {
    calls: {
      claim: async (pcm: Float32Array) =>
        model.claim(model.sampleRateHz === 16_000 ? pcm : await resampleWhole(pcm, rates)),
    },
    close: () => model.close(),
  };
});
