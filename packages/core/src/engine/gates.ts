/** Names of the byte gates that a rule may ask for, with the numbers that the kernel knows them by (assembly/gates.ts). */
export const gates: Readonly<Record<string, number>> = {
  assignment: 1,
  'assignment-token': 2,
  userinfo: 3,
  named: 4,
};
