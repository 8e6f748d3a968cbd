// Guards that can be switched off, to see that the model would notice. Each stands for a mistake that an engine could make.

export const defects = {
  'fence': 'a batch does not ask whether its worker was fenced',
  'batch-check': 'a batch does not ask whether its number is the next',
  'ambiguity-as-lost': 'a lost answer is taken for "not committed": the batch is sent again under a new number',
  'ambiguity-as-done': 'a lost answer is taken for "committed"',
  'fence-on-waits': 'signals and time-outs are written without the fence',
  'fence-on-terminal': 'ends are written without the fence',
  're-own-before-fence': 'a take-over reads which runs the victim has before it fences it',
  'ack-before-commit': 'results are told when their batch is sent',
  'taker-unchecked': 'a take-over does not ask whether the taker itself was fenced',
  'join-does-not-wait': 'a successor fences its predecessor in the middle of the predecessor\'s own take-over',
  'take-unnumbered': 'take-overs carry no number: a lost one that arrives late gives its worker runs that it does not know of',
  'park-unnumbered': 'parkings carry no number: a lost one that arrives late parks a run that has gone on meanwhile',
  'parking-looks-first': 'a run is parked by what was seen before its row was locked',
  'mailbox-forgets': 'a run that comes back into memory does not know which signals it has consumed',
  'number-used-again': 'after a refusal the number is used for another batch, though a lost copy of the refused one may still arrive',
  'early-signal': 'a signal that nobody waits for yet is dropped',
  'start-without-key': 'a start does not look whether its id is taken',
} as const

export type Defect = keyof typeof defects
export type Defects = ReadonlySet<Defect>
