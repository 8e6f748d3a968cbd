// What marks everything that a run makes in a Docker engine; its value is the token of the run's guard.
export const runLabel = 'org.durabench.run'
