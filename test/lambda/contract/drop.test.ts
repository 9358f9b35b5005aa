import { Drop } from '../../../lambda/contract/drop';

test.each(['', 'team-a', 'team-a/', 'team-a/app'])('the prefix "%s" is one', (prefix) => {
  expect(Drop.safeParse({ prefix, repositories: ['*'] }).success).toBe(true);
});

test.each(['/', '/team-a', 'team-a//app', 'team-a//'])('the prefix "%s" is none', (prefix) => {
  expect(Drop.safeParse({ prefix, repositories: ['*'] }).success).toBe(false);
});

test.each(['team-a/*', '*', 'app', '*/app'])('the pattern "%s" is one', (pattern) => {
  expect(Drop.safeParse({ prefix: '', repositories: [pattern] }).success).toBe(true);
});

test.each(['', 'Team/*', '/app', 'a b', 'a:1'])('the pattern "%s" is none', (pattern) => {
  expect(Drop.safeParse({ prefix: '', repositories: [pattern] }).success).toBe(false);
});
