"""What this room shows on the pages of other rooms: navigation, worklists, panels and links."""
