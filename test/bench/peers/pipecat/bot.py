"""Pipecat's own voice pipeline on this machine's default sound devices: the peer of npm run bench:peers.

Everything is Pipecat's, with its defaults: local transport, Silero, Smart Turn, Moonshine, Piper, its aggregators. Ours are three things: which weights
are used (Pipecat would download others), the address of the language model, and the lines that are printed. A line is a JSON object with the moment
in seconds of CLOCK_MONOTONIC.

    python bot.py --model-server http://127.0.0.1:1234/v1 --moonshine FOLDER --voices FOLDER --voice en_US-joe-medium
"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from loguru import logger
from moonshine_voice import Transcriber, string_to_model_arch
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TranscriptionFrame, UserStoppedSpeakingFrame
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.services.moonshine.stt import Model, MoonshineSTTService
from pipecat.services.ollama.llm import OLLamaLLMService
from pipecat.services.piper.tts import PiperTTSService
from pipecat.transports.local.audio import LocalAudioTransport, LocalAudioTransportParams
from pipecat.workers.runner import WorkerRunner

logger.remove()
logger.add(sys.stderr, level="WARNING")


def tell(event: str, **more) -> None:
    print(json.dumps({"event": event, "at": time.monotonic(), **more}), flush=True)


class InstalledMoonshine(MoonshineSTTService):
    """The recogniser with weights from the disk: Pipecat's own loader downloads them."""

    def __init__(self, folder: Path):
        self._folder = folder
        super().__init__(settings=MoonshineSTTService.Settings(model=Model.TINY.value))

    def _load(self):
        return Transcriber(str(self._folder), string_to_model_arch("tiny"))


class TurnEnds(BaseObserver):
    """Tells when a turn was taken for ended, and what was understood. A frame passes many processors: it is told once."""

    def __init__(self):
        super().__init__()
        self._told = set()

    async def on_push_frame(self, data: FramePushed) -> None:
        frame = data.frame
        if not isinstance(frame, (UserStoppedSpeakingFrame, TranscriptionFrame)) or frame.id in self._told:
            return
        self._told.add(frame.id)
        # Sent both ways along the pipeline as two frames.
        sibling = getattr(frame, "broadcast_sibling_id", None)
        if sibling is not None:
            self._told.add(sibling)
        if isinstance(frame, TranscriptionFrame):
            tell("understood", text=frame.text)
        else:
            tell("turn-end")


async def main(args: argparse.Namespace) -> None:
    transport = LocalAudioTransport(LocalAudioTransportParams(audio_in_enabled=True, audio_out_enabled=True))
    recogniser = InstalledMoonshine(args.moonshine)
    model = OLLamaLLMService(base_url=args.model_server, settings=OLLamaLLMService.Settings(model="bench"))
    voice = PiperTTSService(download_dir=args.voices, settings=PiperTTSService.Settings(voice=args.voice))
    context = LLMContext([{"role": "system", "content": "Answer in one short sentence."}])
    sides = LLMContextAggregatorPair(context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer()))
    stages = [transport.input(), recogniser, sides.user(), model, voice, transport.output(), sides.assistant()]
    worker = PipelineWorker(Pipeline(stages), params=PipelineParams(), observers=[TurnEnds()])

    @worker.event_handler("on_pipeline_started")
    async def _(_worker, _frame):
        tell("listening")

    runner = WorkerRunner(handle_sigterm=True)
    await runner.add_workers(worker)
    await runner.run()


parser = argparse.ArgumentParser()
parser.add_argument("--model-server", required=True)
parser.add_argument("--moonshine", required=True, type=Path)
parser.add_argument("--voices", required=True, type=Path)
parser.add_argument("--voice", required=True)
asyncio.run(main(parser.parse_args()))
