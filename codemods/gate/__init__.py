"""From what was found to what is reported: rules, comments, baselines, branches and shards."""
