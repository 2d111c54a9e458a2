"""The KORUS Briefing Book: figures on US trade talks, each with its origin."""
