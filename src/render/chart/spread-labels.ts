/**
 * Heights for labels that want to stand at `wanted` (ascending), at least `pitch` apart and within [top, bottom] as far
 * as there is room: labels that would overlap move as a group, evenly around the place they wanted.
 */
export function spreadLabels(wanted: readonly number[], pitch: number, top: number, bottom: number): readonly number[] {
  const settle = ({ centre, members }: Group): Group => {
    const half = ((members.length - 1) * pitch) / 2;
    return { centre: Math.max(top + half, Math.min(bottom - half, centre)), members };
  };
  const groups: Group[] = [];
  for (const height of wanted) {
    let group = settle({ centre: height, members: [height] });
    for (let above = groups.at(-1); above && overlap(above, group, pitch); above = groups.at(-1)) {
      groups.pop();
      const members = [...above.members, ...group.members];
      group = settle({ centre: members.reduce((sum, member) => sum + member, 0) / members.length, members });
    }
    groups.push(group);
  }
  return groups.flatMap(({ centre, members }) =>
    members.map((_, index) => centre + (index - (members.length - 1) / 2) * pitch),
  );
}

interface Group {
  readonly centre: number;
  readonly members: readonly number[];
}

function overlap(above: Group, below: Group, pitch: number): boolean {
  return below.centre - above.centre < ((above.members.length + below.members.length) / 2) * pitch - 1e-6;
}
