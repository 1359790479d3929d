"""How variation is said: XmR charts, funnel plots, one year beside another."""
