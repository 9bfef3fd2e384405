import { z } from 'zod';
import type { AnswerEffect } from '../ports/responder.ts';
import type { JsonSchema, Tool, ToolOutput, ToolSource } from '../ports/tool.ts';

/** The skills, asked in words as a user would. */
export type AskSkill = (userText: string) => { name: string; text: string; effect?: AnswerEffect } | null;

const DURATION = z.string().describe('Such as "5 minutes" or "1 hour and 20 minutes".');
const LIST = z.string().describe('Such as "shopping" or "to do".');

/** A tool that is a skill: what the model fills in makes a sentence that the skill understands. */
interface SkillTool<Parameters extends z.ZodObject> {
  name: string;
  /** Which skills may answer: a sentence with odd words in it must not reach another one. */
  skills: readonly string[];
  description: string;
  parameters: Parameters;
  sentence(args: z.infer<Parameters>): string;
}

function skillTool<Parameters extends z.ZodObject>(tool: SkillTool<Parameters>): SkillTool<Parameters> {
  return tool;
}

/**
 * What a model may do of what the skills can: look things up and keep things, never remove them. Removing is for the user's own words, which
 * the skills understand without a model.
 */
const SKILL_TOOLS = [
  skillTool({
    name: 'current_time',
    skills: ['time', 'date'],
    description: 'The time of day or the date, here or in another city.',
    parameters: z.object({ wanted: z.enum(['time', 'date']), city: z.string().optional() }),
    sentence: ({ wanted, city }) =>
      wanted === 'date' ? "What's the date today?" : `What time is it${city ? ` in ${city}` : ''}?`,
  }),
  skillTool({
    name: 'calculate',
    skills: ['arithmetic'],
    description: 'Works out a sum exactly.',
    parameters: z.object({ expression: z.string().describe('Such as "12.5 * 4" or "square root of 2".') }),
    sentence: ({ expression }) => `What is ${expression}?`,
  }),
  skillTool({
    name: 'convert_units',
    skills: ['units'],
    description: 'Converts between units of length, weight, volume, temperature and the like.',
    parameters: z.object({ amount: z.number(), from: z.string(), to: z.string() }),
    sentence: ({ amount, from, to }) => `What is ${amount} ${from} in ${to}?`,
  }),
  skillTool({
    name: 'set_timer',
    skills: ['timer'],
    description: 'Starts a timer that rings.',
    parameters: z.object({ duration: DURATION, label: z.string().optional() }),
    sentence: ({ duration, label }) => `Set a timer for ${duration}${label ? ` called ${label}` : ''}.`,
  }),
  skillTool({
    name: 'timers_left',
    skills: ['timer'],
    description: 'How long the running timers still have.',
    parameters: z.object({}),
    sentence: () => 'Check my timers.',
  }),
  skillTool({
    name: 'set_reminder',
    skills: ['reminder'],
    description: 'Reminds the user of something at a time.',
    parameters: z.object({ what: z.string(), when: z.string().describe('Such as "in 20 minutes" or "at 6 pm".') }),
    sentence: ({ what, when }) => `Remind me ${when} to ${what}.`,
  }),
  skillTool({
    name: 'add_to_list',
    skills: ['list'],
    description: "Puts something on one of the user's lists.",
    parameters: z.object({ item: z.string(), list: LIST }),
    sentence: ({ item, list }) => `Add ${item} to my ${list} list.`,
  }),
  skillTool({
    name: 'read_list',
    skills: ['list'],
    description: "What is on one of the user's lists.",
    parameters: z.object({ list: LIST }),
    sentence: ({ list }) => `What's on my ${list} list?`,
  }),
  skillTool({
    name: 'take_note',
    skills: ['note'],
    description: 'Writes a note for the user.',
    parameters: z.object({ text: z.string() }),
    sentence: ({ text }) => `Take a note: ${text}`,
  }),
  skillTool({
    name: 'read_notes',
    skills: ['note'],
    description: "The user's notes.",
    parameters: z.object({}),
    sentence: () => 'Read my notes.',
  }),
] as const;

/** The skills as tools of a model. */
export function localTools(ask: AskSkill): ToolSource {
  const tools = SKILL_TOOLS.map((tool) => asTool(tool as unknown as SkillTool<z.ZodObject>, ask));
  return { tools, onChanged: () => () => {} };
}

function asTool({ name, skills, description, parameters, sentence }: SkillTool<z.ZodObject>, ask: AskSkill): Tool {
  const { $schema: _, ...schema } = z.toJSONSchema(parameters) as Record<string, unknown>;
  return {
    name,
    server: null,
    description,
    parameters: schema as JsonSchema,
    async run(args): Promise<ToolOutput> {
      const answer = ask(sentence(parameters.parse(args)));
      if (!answer || !skills.includes(answer.name))
        return { text: 'That could not be understood. Put it more simply.', failed: true };
      const undo = answer.effect?.apply();
      return { text: answer.text, ...(undo ? { undo } : {}) };
    },
  };
}
