/** What the bench says in the default voice. These are test clips: nothing is tuned on them. */
export const QUESTIONS = [
  'What day comes after Friday?',
  'What is the capital of Italy?',
  'How many minutes are in an hour?',
  'Who was the first person on the moon?',
  'What colour is a ripe banana?',
  'Tell me a joke about a chicken.',
  'How long does it take to boil an egg?',
  'What is the tallest animal?',
  'Where do kangaroos live?',
  'Why do leaves turn red in autumn?',
  'What is seven plus eight?',
  'How far is it from the earth to the sun?',
  'Who invented the telephone?',
  'What should I eat for breakfast?',
  'Tell me something nice about dogs.',
  'Is it warm in Egypt in January?',
  'How do you spell Mississippi?',
  'Can you think of a name for my boat?',
] as const;

/** Nobody has written an answer to these. */
export const MODEL_QUESTIONS = [
  'Why do cats purr?',
  'Who painted the Mona Lisa?',
  'What is a good name for a goldfish?',
  'How do bees make honey?',
  'What is the longest river in Africa?',
  'Can you recommend a book about pirates?',
  'What do people eat in Japan?',
  'Why is the sea salty?',
  'Give me one tip for sleeping better.',
  'What is the difference between a frog and a toad?',
  'Where does chocolate come from?',
  'How old can a turtle get?',
] as const;

/** Requests whose answers take long enough to be interrupted. */
export const LONG_REQUESTS = [
  'Tell me a long story about a fox who wanted to fly.',
  'Explain in detail how bread is made, step by step.',
  'Tell me everything you know about the history of Egypt.',
  'Describe a day in the life of a sailor, in detail.',
  'Explain in detail why the sky is blue.',
  'Tell me a long story about two friends who got lost in the snow.',
  'Describe the city of Paris and its history, in detail.',
  'Explain step by step how a bicycle works.',
  'Tell me all about whales and how they live.',
  'Tell me a long story about an old clock.',
] as const;

export const INTERRUPTIONS = [
  'Stop, please.',
  'Wait a moment.',
  'No, that is not what I asked.',
  'Hang on, I have another question.',
  'Okay stop, that is enough.',
] as const;

export const BACKCHANNELS = ['Mm-hm.', 'Yeah.', 'Right.', 'Okay.', 'Uh-huh.'] as const;
