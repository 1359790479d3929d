"""What eligibility shows on the pages of other rooms: navigation, worklists, panels and rows of a person's timeline."""
