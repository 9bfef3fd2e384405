import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Settings } from '../platform/settings.ts';

const BYTES_PER_MB = 1024 * 1024;

/** Without these a figure is none. The load average belongs to the machine as long as nothing of ours is at work. */
export function machineFacts(settings: Readonly<Settings>) {
  const { asrModelId, llmModelId, ttsModelId, vadModelId, turnModelId, endpoint } = settings;
  const all = cpus();
  return {
    machine: {
      cpu: all[0]?.model.trim() || 'unknown',
      cores: all.length,
      memoryMb: Math.round(totalmem() / BYTES_PER_MB),
      loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
      system: `${process.platform} ${process.arch} ${release()}`,
      node: process.version,
    },
    /** null: the starter's. */
    engines: { asrModelId, llmModelId, ttsModelId, vadModelId, turnModelId, endpointModel: endpoint?.model ?? null },
  };
}
