"""The forms writers and approvers fill in."""
